/// What building a bundle of a large model costs.
package org.picket.bench.bundle;
