"""Splink on DuckDB, CSV to clusters: peer_splink.py CSV CLUSTERS.csv U_PAIRS [MODEL.json]

Cleans in SQL what cust360's rules clean as far as that goes, blocks on what belongs to one customer,
trains without labels and clusters at Splink's usual threshold. With a model that exists nothing
is trained; otherwise the model is written there.
"""
import os
import sys

import duckdb
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLD = 0.95

CLEAN = r"""
CREATE TABLE records AS WITH folded AS (
  SELECT rec_id, company_flag,
    translate(regexp_replace(name, '[ 　]', '', 'g'), '０１２３４５６７８９', '0123456789') AS name,
    regexp_replace(translate(coalesce(mobile, ''), '０１２３４５６７８９', '0123456789'),
                   '[^0-9]', '', 'g') AS mobile,
    regexp_replace(translate(coalesce(phone2, ''), '０１２３４５６７８９', '0123456789'),
                   '[^0-9]', '', 'g') AS phone2,
    upper(trim(coalesce(id_no, ''))) AS id_no,
    regexp_replace(regexp_replace(coalesce(birth, ''), '[年月/.]', '-', 'g'), '日', '') AS birth,
    lower(trim(email)) AS email,
    translate(coalesce(address, ''), '０１２３４５６７８９', '0123456789') AS address,
    upper(trim(coalesce(vin, ''))) AS vin,
    CASE WHEN gender IN ('男', 'M', '1') THEN 'M' WHEN gender IN ('女', 'F', '2') THEN 'F' END AS gender
  FROM raw), cut AS (
  SELECT *, CASE
      WHEN company_flag = '1' OR name LIKE '%公司%'
      THEN regexp_replace(name, '(有限责任公司|股份有限公司|有限公司|公司)$', '')
      ELSE regexp_replace(name, '(先生|女士|小姐|太太)$', '') END AS short_name,
    CASE WHEN length(mobile) > 11 THEN regexp_replace(mobile, '^(0086|86)', '') ELSE mobile END
      AS short_mobile,
    CASE WHEN length(id_no) = 18 THEN id_no[1:17]
         WHEN length(id_no) = 15 THEN id_no[1:6] || '19' || id_no[7:15] END AS id17,
    try_strptime(birth, ['%Y-%m-%d', '%Y%m%d']) AS born
  FROM folded)
SELECT rec_id AS unique_id,
  CASE WHEN length(short_name) >= 2 THEN short_name END AS name,
  nullif(left(short_name, 1), '') AS first_character,
  right(short_name, 1) AS last_character,
  CASE WHEN regexp_matches(short_mobile, '^1[3-9][0-9]{9}$') AND short_mobile <> '13800000000'
       THEN short_mobile END AS mobile,
  CASE WHEN length(phone2) >= 7 THEN phone2 END AS phone2,
  id17, strftime(CASE WHEN born > '1901-01-01' THEN born END, '%Y-%m-%d') AS birth,
  nullif(email, '') AS email, nullif(address, '') AS address,
  nullif(regexp_extract(address, '([^区市省0-9]{2,6}(?:路|街|大道)[0-9]+)', 1), '') AS road,
  CASE WHEN length(vin) = 17 THEN vin END AS vin, gender
FROM cut
"""


def level_list():
    name = {'output_column_name': 'name', 'comparison_levels': [
        levels.NullLevel('name'), levels.ExactMatchLevel('name', term_frequency_adjustments=True),
        levels.CustomLevel('levenshtein(name_l, name_r) <= 1 AND '
                           'least(length(name_l), length(name_r)) >= 3'),
        levels.CustomLevel('first_character_l = first_character_r OR '
                           'last_character_l = last_character_r'),
        levels.ElseLevel()]}
    mobile = {'output_column_name': 'mobile', 'comparison_levels': [
        levels.NullLevel('mobile'),
        levels.ExactMatchLevel('mobile', term_frequency_adjustments=True),
        levels.CustomLevel('mobile_l = phone2_r OR mobile_r = phone2_l'),
        levels.DamerauLevenshteinLevel('mobile', 1), levels.ElseLevel()]}
    address = {'output_column_name': 'address', 'comparison_levels': [
        levels.NullLevel('address'), levels.ExactMatchLevel('address'),
        levels.CustomLevel('road_l = road_r'), levels.JaroWinklerLevel('address', 0.9),
        levels.ElseLevel()]}
    return [name, mobile, comparisons.DamerauLevenshteinAtThresholds('id17', [1, 2]),
            comparisons.DateOfBirthComparison('birth', input_is_string=True),
            comparisons.ExactMatch('vin'), comparisons.ExactMatch('email'), address,
            comparisons.ExactMatch('gender')]


def settings():
    return SettingsCreator(
        link_type='dedupe_only',
        blocking_rules_to_generate_predictions=[
            block_on('mobile'), block_on('id17'), block_on('vin'), block_on('email'),
            block_on('name', 'birth'), block_on('name', 'road'), block_on('name', 'phone2'),
            'l.mobile = r.phone2 AND l.name = r.name'],
        comparisons=level_list(), retain_intermediate_calculation_columns=False,
        retain_matching_columns=False)


def train(linker, u_pairs):
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on('id17'), block_on('mobile', 'name'), block_on('vin', 'name')], recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=u_pairs, seed=1)
    for rule in (block_on('id17'), block_on('name', 'birth')):
        training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True)


def main():
    source, clusters, u_pairs = sys.argv[1], sys.argv[2], float(sys.argv[3])
    model = sys.argv[4] if len(sys.argv) > 4 else None
    database = duckdb.connect()
    database.execute(f"CREATE TABLE raw AS SELECT * FROM read_csv('{source}', all_varchar = true)")
    database.execute(CLEAN)
    trained = model and os.path.exists(model)
    linker = Linker('records', model if trained else settings(), DuckDBAPI(connection=database))
    if not trained:
        train(linker, u_pairs)
    pairs = linker.inference.predict(threshold_match_probability=0.001)
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=THRESHOLD)
    database.execute(f"COPY (SELECT unique_id AS key, cluster_id AS cluster "
                     f"FROM {found.physical_name}) TO '{clusters}' (HEADER)")
    if model and not trained:
        linker.misc.save_model_to_json(model, overwrite=True)


if __name__ == '__main__':
    main()
