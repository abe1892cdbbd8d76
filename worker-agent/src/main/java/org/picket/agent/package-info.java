/// The worker agent, put together.
package org.picket.agent;
