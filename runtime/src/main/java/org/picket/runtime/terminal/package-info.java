/// What people see of a process while it runs: amounts with their units, and a screen that is painted anew in its
/// place.
package org.picket.runtime.terminal;
