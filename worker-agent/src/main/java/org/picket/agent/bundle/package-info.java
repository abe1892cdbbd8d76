/// Bundles as an agent reads them: one file, every part checked against the manifest before it is used. Nothing
/// is unpacked to disk.
package org.picket.agent.bundle;
