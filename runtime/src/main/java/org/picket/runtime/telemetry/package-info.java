/// What a process tells of itself while it runs, to whoever asks at its own machine: numbers for Prometheus, and
/// whether it lives and is ready.
///
/// Parts own their numbers and count them whether or not anybody asks; they say what they have to a [Meters], and
/// are asked at each scrape. Without an address nothing listens and no class of the registry is loaded.
///
/// Labels are words of small fixed sets; storages, and equal parts of one process, are told by numbers, within
/// bounds. No number and no label ever names an object, a key, a hash, a site or a person.
package org.picket.runtime.telemetry;
