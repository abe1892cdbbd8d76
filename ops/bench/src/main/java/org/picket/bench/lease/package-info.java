/// What bookkeeping costs: grant and completion of leases through the coordinator's own services on its own
/// embedded PostgreSQL, beside the naked statements on the same server in the same run.
package org.picket.bench.lease;
