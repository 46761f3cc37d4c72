CREATE TABLE sosyal_mention (
    brand   TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    about   TEXT    NOT NULL,
    network TEXT    NOT NULL,
    at_us   INTEGER NOT NULL,
    author  TEXT,
    mention TEXT    NOT NULL,
    PRIMARY KEY (brand, id)
) WITHOUT ROWID;

CREATE INDEX sosyal_mention_time ON sosyal_mention (brand, at_us, id);

CREATE INDEX sosyal_mention_author ON sosyal_mention (brand, author) WHERE author IS NOT NULL;
