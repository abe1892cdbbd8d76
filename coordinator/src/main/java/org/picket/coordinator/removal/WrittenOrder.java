package org.picket.coordinator.removal;

import org.picket.coordinator.finding.OrderRequest;
import org.picket.proto.id.OrderId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.Sealed;

/// An order as it is written down.
///
/// @param id the order
/// @param request what was asked for
/// @param sealed as every crawler gets it
/// @param digest SHA-256 over the statement in it
record WrittenOrder(OrderId id, OrderRequest request, Sealed sealed, Digest digest) {}
