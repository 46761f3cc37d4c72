CREATE TABLE sosyal_snapshot (
    brand   TEXT    NOT NULL,
    post    TEXT    NOT NULL,
    metric  TEXT    NOT NULL,
    at_us   INTEGER NOT NULL,
    version TEXT    NOT NULL,
    native  TEXT    NOT NULL,
    value   REAL    NOT NULL,
    PRIMARY KEY (brand, post, metric, at_us, version)
) WITHOUT ROWID;

CREATE INDEX sosyal_snapshot_time ON sosyal_snapshot (brand, at_us);
