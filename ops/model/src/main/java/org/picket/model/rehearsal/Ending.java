package org.picket.model.rehearsal;

/// Where an export of an encoder ends.
public enum Ending {
    /// With its projection: `image_embeds`, `text_embeds`.
    EMBEDS,
    /// Before its projection: `pooler_output`.
    POOLED,
    /// Before it takes one token of all: `last_hidden_state`.
    HIDDEN
}
