/// Room on the disk of a volunteer, who needs it for more than Picket.
package org.picket.agent.disk;
