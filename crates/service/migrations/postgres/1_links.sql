-- Times are RFC 3339 in UTC with milliseconds: as text, they sort by time.
CREATE TABLE links (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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

-- A sequence hands out ids before the commit. Without this, link 5 can become visible before link 4,
-- and a client of `Watch` that has seen 5 would never get 4. SQLite has one writer, and needs nothing.
CREATE FUNCTION one_at_a_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(14);
    RETURN NULL;
END $$;

CREATE TRIGGER ids_in_order_of_commit BEFORE INSERT ON links
    FOR EACH STATEMENT EXECUTE FUNCTION one_at_a_time();
