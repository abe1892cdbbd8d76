/// What every process needs.
package org.picket.runtime;
