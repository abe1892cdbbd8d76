/// What an agent shows of itself. It names no storage, key or picture.
package org.picket.agent.status;
