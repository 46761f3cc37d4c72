CREATE TABLE sosyal_document (
    brand   text COLLATE "C" NOT NULL,
    kind    text COLLATE "C" NOT NULL,
    id      text COLLATE "C" NOT NULL,
    version bigint  NOT NULL,
    schema  integer NOT NULL,
    state   text COLLATE "C" NOT NULL,
    parent  text COLLATE "C",
    person  text COLLATE "C",
    from_ns bigint,
    to_ns   bigint,
    body    text NOT NULL,
    PRIMARY KEY (brand, kind, id)
);

CREATE INDEX sosyal_document_state ON sosyal_document (brand, kind, state, id);

CREATE INDEX sosyal_document_parent ON sosyal_document (brand, kind, parent, id) WHERE parent IS NOT NULL;

CREATE INDEX sosyal_document_person ON sosyal_document (brand, person) WHERE person IS NOT NULL;

CREATE INDEX sosyal_document_time ON sosyal_document (brand, kind, from_ns, to_ns);

CREATE TABLE sosyal_document_gone (
    brand   text COLLATE "C" NOT NULL,
    name    text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (brand, name)
);

CREATE TABLE sosyal_outbox (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand        text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL,
    subject_kind text COLLATE "C" NOT NULL,
    subject_id   text COLLATE "C" NOT NULL,
    event        text NOT NULL,
    attempts     integer NOT NULL DEFAULT 0,
    until_ns     bigint,
    UNIQUE (brand, id)
);

CREATE INDEX sosyal_outbox_order ON sosyal_outbox (brand, seq);

CREATE INDEX sosyal_outbox_subject ON sosyal_outbox (brand, subject_kind, subject_id, seq);

CREATE TABLE sosyal_erasure (
    seq     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand   text COLLATE "C" NOT NULL,
    person  text COLLATE "C" NOT NULL,
    at_ns   bigint NOT NULL,
    records text NOT NULL
);

CREATE INDEX sosyal_erasure_brand ON sosyal_erasure (brand, seq);
