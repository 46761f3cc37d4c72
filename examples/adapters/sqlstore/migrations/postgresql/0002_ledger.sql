CREATE TABLE sosyal_ledger_head (
    brand    text COLLATE "C" NOT NULL,
    book     text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    hash     text COLLATE "C" NOT NULL,
    PRIMARY KEY (brand, book)
);

CREATE TABLE sosyal_ledger_entry (
    brand    text COLLATE "C" NOT NULL,
    book     text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    key      text COLLATE "C" NOT NULL,
    entry    text NOT NULL,
    PRIMARY KEY (brand, book, sequence)
);

CREATE UNIQUE INDEX sosyal_ledger_entry_key ON sosyal_ledger_entry (brand, book, key);
