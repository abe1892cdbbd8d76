/// What crawlers tell of the objects of a lease: what may be told, and what is made of it. Knows no lease.
package org.picket.coordinator.supply;
