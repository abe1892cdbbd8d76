/// The append-only, verifiable log of everything that matters: verdicts, rulings, orders, receipts, keys,
/// epochs.
///
/// It is the Merkle tree of RFC 6962 (proofs as in RFC 9162) over the bodies as they were written, with
/// checkpoints signed as C2SP notes. Invariants: the entries are numbered from 0 without a gap; what was
/// appended is never changed or deleted (the database refuses it, and a checkpoint betrays whoever makes the
/// database obey); a transaction that appends holds the head's row until it ends, so append last.
package org.picket.coordinator.ledger;
