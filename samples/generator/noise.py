"""How often something goes wrong on the way from the world to a dealer's database."""
import json

USUAL = {
    # the mobile number
    'mobile_missing': 0.05, 'mobile_old': 0.12, 'mobile_typo': 0.015,
    'mobile_format': 0.20, 'mobile_placeholder': 0.01,
    # the name
    'name_homophone': 0.012, 'name_lookalike': 0.007, 'name_honorific': 0.04,
    'name_pinyin': 0.008, 'name_space': 0.03, 'name_trad': 0.01,
    'name_placeholder': 0.005, 'name_surname_only': 0.006,
    # the identity number
    'id_missing': 0.55, 'id_typo': 0.01, 'id_15': 0.02, 'id_lower': 0.1, 'id_placeholder': 0.01,
    # the date of birth
    'birth_missing': 0.40, 'birth_default': 0.03, 'birth_day_off': 0.005,
    # the address and the e-mail address
    'addr_missing': 0.25, 'addr_variant': 0.35,
    'email_missing': 0.70, 'email_typo': 0.02, 'email_full': 0.02,
    # sex, plate and vehicle number
    'gender_wrong': 0.005, 'gender_missing': 0.1, 'plate_missing': 0.2, 'plate_format': 0.2,
    'vin_typo': 0.006, 'vin_lower': 0.05,
    # the file itself
    'dup_same_dealer': 0.08, 'bad_row': 0.001,
    # who lives in the world
    'household': 0.12, 'resale': 0.06, 'company': 0.04, 'twins': 0.002, 'father_son': 0.01,
}


def read_noise(path):
    """The usual rates, with those of the JSON file (may be None) in place of its namesakes."""
    if path is None:
        return dict(USUAL)
    changes = json.loads(path.read_text(encoding='utf-8'))
    unknown = sorted(set(changes) - set(USUAL))
    if unknown:
        raise ValueError(f'unknown noise {", ".join(unknown)}; known are {", ".join(USUAL)}')
    for name, rate in changes.items():
        if not isinstance(rate, (int, float)) or not 0 <= rate <= 1:
            raise ValueError(f'{name} is {rate!r}; a rate is a number from 0 to 1')
    return USUAL | changes
