/// What keeps a process from doing harm once an object has taken it over.
///
/// [Confinement] starts it where there is nothing to take, by bubblewrap or by [DecoderLauncher] and [Landlock]. Once
/// its natives are loaded it enters [Lockdown], after which [CallFilter] lets it read, write its pipes, and compute.
/// [DecoderFiles] names the files that it may see.
package org.picket.crawler.image.confinement;
