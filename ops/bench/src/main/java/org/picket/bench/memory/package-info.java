/// What memory a scan takes, by the number of objects.
package org.picket.bench.memory;
