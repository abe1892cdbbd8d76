package org.picket.agent.inference;

import java.util.List;

/// The provider that is used, and in words why not another.
///
/// @param provider what computes
/// @param reasons one sentence for each provider that was wanted or tried and could not be had; empty if none
public record ProviderChoice(Provider provider, List<String> reasons) {
    public ProviderChoice {
        reasons = List.copyOf(reasons);
    }
}
