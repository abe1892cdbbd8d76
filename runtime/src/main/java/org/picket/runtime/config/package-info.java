/// Settings: flags over environment over one file; all faults told at once, each by its key.
package org.picket.runtime.config;
