/// Sealing: Ed25519 over the bytes as sent, told apart by kind. A statement is verified first and parsed after,
/// and nobody re-serialises one to check it.
package org.picket.proto.seal;
