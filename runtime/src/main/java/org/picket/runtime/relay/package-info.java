/// How the two ends of a relayed stream get to know each other, past the relay between them: by certificates of
/// the one authority and by keys that they saw before.
package org.picket.runtime.relay;
