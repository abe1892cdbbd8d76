-- The ledger: an append-only log of bodies, the Merkle tree over them (RFC 6962), and signed checkpoints of it.

CREATE TABLE ledger_entry (
    seq  bigint   PRIMARY KEY CHECK (seq >= 0),
    kind smallint NOT NULL CHECK (kind > 0),
    leaf bytea    NOT NULL CHECK (octet_length(leaf) = 32),
    body bytea    NOT NULL
);
ALTER TABLE ledger_entry ALTER COLUMN leaf SET STORAGE PLAIN;

-- One row. frontier: the roots of the perfect subtrees that the log divides into, largest first, 32 bytes each.
CREATE TABLE ledger_head (
    single   boolean PRIMARY KEY DEFAULT true CHECK (single),
    size     bigint  NOT NULL CHECK (size >= 0),
    frontier bytea   NOT NULL CHECK (octet_length(frontier) % 32 = 0),
    root     bytea   NOT NULL CHECK (octet_length(root) = 32)
) WITH (fillfactor = 10);

-- SHA-256 of nothing is the root of the empty tree.
INSERT INTO ledger_head (size, frontier, root) VALUES (0, ''::bytea, sha256(''::bytea));

-- note: the whole signed note, as it is handed out.
CREATE TABLE ledger_checkpoint (
    size       bigint      PRIMARY KEY CHECK (size > 0),
    root       bytea       NOT NULL CHECK (octet_length(root) = 32),
    note       text        NOT NULL,
    written_at timestamptz NOT NULL
);

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_head_stays BEFORE DELETE OR TRUNCATE ON ledger_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
