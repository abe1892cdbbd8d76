/// The one way in which a process of Picket, and each part that has parts of its own, comes up and goes down:
/// parts start in order and stop in reverse, each within its time, and a part that does not stop is named and
/// keeps no other from stopping.
package org.picket.runtime.lifecycle;
