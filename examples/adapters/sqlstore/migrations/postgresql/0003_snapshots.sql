CREATE TABLE sosyal_snapshot (
    brand   text COLLATE "C" NOT NULL,
    post    text COLLATE "C" NOT NULL,
    metric  text COLLATE "C" NOT NULL,
    at_us   bigint NOT NULL,
    version text COLLATE "C" NOT NULL,
    native  text COLLATE "C" NOT NULL,
    value   double precision NOT NULL,
    PRIMARY KEY (brand, post, metric, at_us, version)
);

CREATE INDEX sosyal_snapshot_time ON sosyal_snapshot (brand, at_us);
