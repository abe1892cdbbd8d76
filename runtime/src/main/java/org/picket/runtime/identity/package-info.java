/// Who speaks at the other end of a connection between machines: certificates of one authority, and the code
/// that invites a newcomer to it.
///
/// Invariant: a peer counts only for what a certificate names that the expected authority has signed. Names of
/// hosts decide nothing: they change, and whoever is invited learns the authority's key from the invite.
package org.picket.runtime.identity;
