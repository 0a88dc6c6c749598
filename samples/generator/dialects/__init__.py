"""One module a dialect. Each has write(path, exported, breaks): the files of one dealer.

`path` is the folder and the dealer's name, to which the module adds what its system adds;
`exported` are the dealer's typed records in the order of export; `breaks()` draws whether the
file is damaged after a record. It returns the (file, line) of each row that cannot be read.
"""
from . import odbc, split, wide, xml


def write_dealers(world, pairs, folder, stream, text_databases):
    """All dealers' files, from (record, typed record) pairs; returns (file, line, reason) rows."""
    exported = {dealer.name: [] for dealer in world.dealers}
    for record, typed in pairs:
        exported[record.dealer.name].append(typed)
    writers = {
        'wide': wide.write,
        'split': split.write,
        'xml': xml.write,
        'tw': xml.write_traditional,
        'odbc': odbc.write_text if text_databases else odbc.write_database,
    }
    broken_rows = []
    for dealer in world.dealers:
        broken_rows += writers[dealer.dialect](
            folder / dealer.name, exported[dealer.name],
            lambda: stream.random() < world.noise['bad_row'])
    return [(file, line, 'columns') for file, line in broken_rows]
