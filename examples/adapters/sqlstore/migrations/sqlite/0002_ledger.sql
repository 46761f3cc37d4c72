CREATE TABLE sosyal_ledger_head (
    brand    TEXT    NOT NULL,
    book     TEXT    NOT NULL,
    sequence INTEGER NOT NULL,
    hash     TEXT    NOT NULL,
    PRIMARY KEY (brand, book)
) WITHOUT ROWID;

CREATE TABLE sosyal_ledger_entry (
    brand    TEXT    NOT NULL,
    book     TEXT    NOT NULL,
    sequence INTEGER NOT NULL,
    key      TEXT    NOT NULL,
    entry    TEXT    NOT NULL,
    PRIMARY KEY (brand, book, sequence)
) WITHOUT ROWID;

CREATE UNIQUE INDEX sosyal_ledger_entry_key ON sosyal_ledger_entry (brand, book, key);
