-- What the proxy needs beside the extension plproxy and the cluster: a foreign
-- server of plproxy that names the shards. {cluster} stands for its name.
--
-- audience_members returns the members on all shards, and audience_counts one
-- number for each shard and nothing else.

CREATE OR REPLACE FUNCTION audience_members(query text, arguments text[]) RETURNS SETOF text
LANGUAGE plproxy AS $body$
	CLUSTER '{cluster}';
	RUN ON ALL;
	TARGET audience_run;
$body$;

CREATE OR REPLACE FUNCTION audience_counts(query text, arguments text[]) RETURNS SETOF bigint
LANGUAGE plproxy AS $body$
	CLUSTER '{cluster}';
	RUN ON ALL;
	TARGET audience_size;
$body$;

REVOKE ALL ON FUNCTION audience_members(text, text[]), audience_counts(text, text[]) FROM PUBLIC;
