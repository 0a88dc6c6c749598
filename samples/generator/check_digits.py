"""The check digits of identity numbers, organisation codes and vehicle numbers."""

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = '10X98765432'

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

CREDIT_CODE_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'

_VIN_VALUES = {character: value for value, characters in {
    1: 'AJ', 2: 'BKS', 3: 'CLT', 4: 'DMU', 5: 'ENV', 6: 'FW', 7: 'GPX', 8: 'HY', 9: 'RZ'
}.items() for character in characters} | {str(digit): digit for digit in range(10)}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_ALPHABET = ''.join(sorted(_VIN_VALUES))


def identity_number(first_17):
    """A resident's identity number (GB 11643) with its check character."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _ID_WEIGHTS))
    return first_17 + _ID_CHECKS[total % 11]


def organisation_code(first_8):
    """An organisation's code (GB 11714) with its check character."""
    total = sum(int(character, 36) * weight
                for character, weight in zip(first_8, _ORGANISATION_WEIGHTS))
    return first_8 + '0X987654321'[total % 11]


def credit_code(first_17):
    """An organisation's unified social credit code (GB 32100) with its check character.

    Its characters 9 to 17 are an organisation_code.
    """
    total = sum(CREDIT_CODE_ALPHABET.index(character) * pow(3, place, 31)
                for place, character in enumerate(first_17))
    return first_17 + CREDIT_CODE_ALPHABET[-total % 31]


def vehicle_number(before, after):
    """A VIN (ISO 3779) of 8 characters before the check digit and 8 after it."""
    number = before + '0' + after
    total = sum(_VIN_VALUES[character] * weight
                for character, weight in zip(number, _VIN_WEIGHTS))
    return before + '0123456789X'[total % 11] + after
