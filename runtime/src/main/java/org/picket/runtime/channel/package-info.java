/// How processes reach each other: servers and channels, in one process or over sockets, with the same limits,
/// deadlines and flow control; and the wire form of views, which are moved without needless copies.
///
/// Invariant: no call without a bound. Unary calls have a deadline, messages a largest size, executors a
/// largest number of threads, and streams are paced by their receiver.
package org.picket.runtime.channel;
