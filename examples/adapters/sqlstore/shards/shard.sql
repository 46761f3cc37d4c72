-- What every shard needs so that the proxy can ask it. Both functions run a
-- query of audience.Program.SQL for PostgreSQL; its arguments come as an array of
-- texts, so that $3::bigint in the query reads ($1[3])::bigint here.
--
-- They are STABLE, so PostgreSQL refuses everything in a query that would write.
-- Whoever may call them may read what the caller's role may read: grant them to
-- the role under which the proxy connects, and to nobody else.

CREATE OR REPLACE FUNCTION audience_run(query text, arguments text[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $body$
BEGIN
	RETURN QUERY EXECUTE 'SELECT m.id::text FROM (' || regexp_replace(query, '\$([0-9]+)', '($1[\1])', 'g') || ') AS m'
		USING arguments;
END
$body$;

CREATE OR REPLACE FUNCTION audience_size(query text, arguments text[]) RETURNS bigint
LANGUAGE plpgsql STABLE AS $body$
DECLARE
	members bigint;
BEGIN
	EXECUTE 'SELECT count(*) FROM (' || regexp_replace(query, '\$([0-9]+)', '($1[\1])', 'g') || ') AS m'
		INTO members USING arguments;
	RETURN members;
END
$body$;

REVOKE ALL ON FUNCTION audience_run(text, text[]), audience_size(text, text[]) FROM PUBLIC;
