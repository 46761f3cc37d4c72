CREATE TABLE sosyal_mention (
    brand   text COLLATE "C" NOT NULL,
    id      text COLLATE "C" NOT NULL,
    about   text COLLATE "C" NOT NULL,
    network text COLLATE "C" NOT NULL,
    at_us   bigint NOT NULL,
    author  text COLLATE "C",
    mention text NOT NULL,
    PRIMARY KEY (brand, id)
);

CREATE INDEX sosyal_mention_time ON sosyal_mention (brand, at_us, id);

CREATE INDEX sosyal_mention_author ON sosyal_mention (brand, author) WHERE author IS NOT NULL;
