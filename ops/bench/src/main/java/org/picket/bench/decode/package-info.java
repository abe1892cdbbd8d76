/// How fast pictures become views, and what it costs that they do so in child processes.
package org.picket.bench.decode;
