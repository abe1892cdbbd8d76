/// Folders of synthetic pictures as files, with a list of what a scan must find among them.
package org.picket.model.samples;
