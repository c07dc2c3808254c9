-- Times are RFC 3339 in UTC with milliseconds: as text, they sort by time.
CREATE TABLE links (
    id      INTEGER PRIMARY KEY,
    url     TEXT NOT NULL UNIQUE,
    -- With the port, if it is not the usual one.
    host    TEXT NOT NULL,
    added   TEXT NOT NULL,
    -- The last check: when, and either the status of the answer or why there was none.
    checked TEXT,
    status  INTEGER,
    error   TEXT
);

CREATE INDEX links_by_checked ON links (checked, id);
