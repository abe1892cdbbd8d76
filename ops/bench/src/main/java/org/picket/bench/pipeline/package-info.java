/// Whole scans, run as a person runs them, in a process of their own.
package org.picket.bench.pipeline;
