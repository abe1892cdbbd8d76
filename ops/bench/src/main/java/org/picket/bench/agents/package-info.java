/// Many agents at once against one coordinator that is a process of its own: what a grant takes, what is ruled a
/// second, and what it costs the coordinator to know them.
package org.picket.bench.agents;
