/// Measures the views stream beside a raw socket channel, between two processes, and behind a delay.
package org.picket.bench.stream;
