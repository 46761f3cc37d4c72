CREATE TABLE sosyal_document (
    brand   TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    version INTEGER NOT NULL,
    schema  INTEGER NOT NULL,
    state   TEXT    NOT NULL,
    parent  TEXT,
    person  TEXT,
    from_ns INTEGER,
    to_ns   INTEGER,
    body    TEXT    NOT NULL,
    PRIMARY KEY (brand, kind, id)
) WITHOUT ROWID;

CREATE INDEX sosyal_document_state ON sosyal_document (brand, kind, state, id);

CREATE INDEX sosyal_document_parent ON sosyal_document (brand, kind, parent, id) WHERE parent IS NOT NULL;

CREATE INDEX sosyal_document_person ON sosyal_document (brand, person) WHERE person IS NOT NULL;

CREATE INDEX sosyal_document_time ON sosyal_document (brand, kind, from_ns, to_ns);

CREATE TABLE sosyal_document_gone (
    brand   TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (brand, name)
) WITHOUT ROWID;

CREATE TABLE sosyal_outbox (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    brand        TEXT    NOT NULL,
    id           TEXT    NOT NULL,
    subject_kind TEXT    NOT NULL,
    subject_id   TEXT    NOT NULL,
    event        TEXT    NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    until_ns     INTEGER,
    UNIQUE (brand, id)
);

CREATE INDEX sosyal_outbox_order ON sosyal_outbox (brand, seq);

CREATE INDEX sosyal_outbox_subject ON sosyal_outbox (brand, subject_kind, subject_id, seq);

CREATE TABLE sosyal_erasure (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    brand   TEXT    NOT NULL,
    person  TEXT    NOT NULL,
    at_ns   INTEGER NOT NULL,
    records TEXT    NOT NULL
);

CREATE INDEX sosyal_erasure_brand ON sosyal_erasure (brand, seq);
