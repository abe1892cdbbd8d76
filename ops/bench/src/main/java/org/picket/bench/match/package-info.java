/// Look-ups in hash lists, and the fingerprints that are looked up.
package org.picket.bench.match;
