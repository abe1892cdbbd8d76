package org.picket.agent.intake;

import org.picket.runtime.channel.Pixels;

/// A view that waits for its batch.
///
/// @param taken run once its pixels are copied: asks the crawler for another
record Arrival(LeaseScan scan, Pixels pixels, Runnable taken) {}
