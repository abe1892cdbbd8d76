/// Time as a thing that is handed in.
package org.picket.runtime.time;
