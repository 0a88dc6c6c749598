"""recordlinkage, CSV to clusters, without labels: peer_recordlinkage.py CSV CLUSTERS.csv"""
import sys

import pandas
import recordlinkage

TEXT_CUT = 0.85


def read(path):
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False).set_index('rec_id')
    frame['mobile'] = (frame.mobile.str.normalize('NFKC').str.replace(r'\D', '', regex=True)
                       .str[-11:])
    frame['name'] = (frame.name.str.normalize('NFKC').str.replace(r'\s', '', regex=True)
                     .str.replace('(先生|女士|小姐)$', '', regex=True))
    frame['id_no'] = frame.id_no.str.strip().str.upper().str[:17]
    frame['vin'] = frame.vin.str.upper()
    frame['email'] = frame.email.str.lower()
    return frame.replace('', None)


def candidates(frame):
    """The pairs that share something, without those that share that it is missing."""
    pairs = None
    for keys in (['mobile'], ['id_no'], ['vin'], ['email'], ['name', 'birth']):
        known = frame.dropna(subset=keys)
        index = recordlinkage.Index()
        index.block(keys)
        found = index.index(known)
        pairs = found if pairs is None else pairs.union(found)
    return pairs


def features(frame, pairs):
    compare = recordlinkage.Compare()
    compare.string('name', 'name', method='jarowinkler', threshold=TEXT_CUT)
    compare.string('address', 'address', method='jarowinkler', threshold=TEXT_CUT)
    for field in ('mobile', 'id_no', 'birth', 'email', 'vin', 'gender'):
        compare.exact(field, field)
    return compare.compute(pairs, frame)


def components(frame, links):
    head = {record: record for record in frame.index}

    def find(record):
        while head[record] != record:
            head[record] = head[head[record]]
            record = head[record]
        return record
    for one, other in links:
        head[find(one)] = find(other)
    return [(record, find(record)) for record in frame.index]


def main():
    frame = read(sys.argv[1])
    links = recordlinkage.ECMClassifier().fit_predict(features(frame, candidates(frame)))
    pandas.DataFrame(components(frame, links), columns=['key', 'cluster']).to_csv(
        sys.argv[2], index=False)


if __name__ == '__main__':
    main()
