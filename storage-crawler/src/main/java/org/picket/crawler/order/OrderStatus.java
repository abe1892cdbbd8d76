package org.picket.crawler.order;

import java.util.Optional;

/// How the carrying out of orders stands.
///
/// @param answered receipts sent since the start
/// @param refused those of them that refuse
/// @param open orders of the last batch that could not be carried out yet
/// @param stuck why, where there are any, or why no order comes
public record OrderStatus(long answered, long refused, int open, Optional<String> stuck) {}
