-- The ledger: an append-only log of bodies, the Merkle tree over them (RFC 6962), and signed checkpoints of it.

-- What one append wrote: up to 256 entries a row, half a page of them, so that an entry costs its bytes and little
-- more. Only a single large entry leaves the page (toast_tuple_target): its chunks cost more WAL than a row does.
-- leaves: their leaf hashes, 32 bytes each. bodies: each preceded by its length as a varint.
CREATE TABLE ledger_batch (
    first_seq bigint PRIMARY KEY CHECK (first_seq >= 0),
    leaves    bytea  NOT NULL CHECK (octet_length(leaves) BETWEEN 32 AND 8192 AND octet_length(leaves) % 32 = 0),
    bodies    bytea  NOT NULL
) WITH (toast_tuple_target = 8160);
-- Hashes and signatures do not compress.
ALTER TABLE ledger_batch ALTER COLUMN leaves SET STORAGE EXTERNAL;
ALTER TABLE ledger_batch ALTER COLUMN bodies SET STORAGE EXTERNAL;

-- Perfect subtrees of 2^8, 2^16 … leaves, so that a proof reads hundreds of hashes and not all.
CREATE TABLE ledger_node (
    level smallint NOT NULL CHECK (level > 0 AND level % 8 = 0),
    idx   bigint   NOT NULL CHECK (idx >= 0),
    hash  bytea    NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, idx)
);

-- One row, locked by whoever appends.
-- frontier: the roots of the perfect subtrees that the tree divides into, smallest first, 32 bytes each.
CREATE TABLE ledger_head (
    single   boolean PRIMARY KEY DEFAULT true CHECK (single),
    size     bigint  NOT NULL CHECK (size >= 0),
    frontier bytea   NOT NULL CHECK (octet_length(frontier) % 32 = 0)
);
ALTER TABLE ledger_head ALTER COLUMN frontier SET STORAGE PLAIN;
INSERT INTO ledger_head (size, frontier) VALUES (0, ''::bytea);

-- note: the whole signed note, as it is handed out.
CREATE TABLE ledger_checkpoint (
    size       bigint      PRIMARY KEY CHECK (size >= 0),
    note       text        NOT NULL,
    written_at timestamptz NOT NULL
);

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_batch
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_node
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON ledger_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
