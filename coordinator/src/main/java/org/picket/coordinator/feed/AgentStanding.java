package org.picket.coordinator.feed;

/// An agent, at one moment.
///
/// @param has what it has to work with, as it said last
/// @param objectsPerSecond ruled by its reports, of late; 0 while unknown
/// @param proven whether it has completed a lease since one of its failed
public record AgentStanding(Equipment has, double objectsPerSecond, boolean proven) {}
