package org.picket.crawler.image.structure;

/// Leaves the depth of a parser or a decoder with the flaw it found. Never leaves the child, which tells its parent the
/// flaw alone; carries no stack, since a hostile store would make many.
public final class FlawedObject extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Flaw flaw;

    public FlawedObject(Flaw flaw) {
        super(flaw.name(), null, false, false);
        this.flaw = flaw;
    }

    public Flaw flaw() {
        return flaw;
    }
}
