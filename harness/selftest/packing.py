"""Packing: a run carries at most one defect of each topic, and none that hides another or its FAIL. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from harness.selftest.catalogue import Entry


@dataclass(frozen=True, slots=True)
class Pack:
    """Defects that are switched on together."""

    entries: tuple[Entry, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(e.id for e in self.entries)

    @property
    def affected(self) -> frozenset[str]:
        """Every requirement whose FAIL one of them explains."""
        return frozenset().union(*(e.affected for e in self.entries))

    def takes(self, entry: Entry, *, cameras_apart: bool = True) -> bool:
        """Whether another one could come along without being mistaken for those that are in it.

        The requirement that an entry violates must be explained by no other one; what both imply may overlap. Two that
        rewrite the same rule may hide each other, and who leaves nothing to judge another by surely does. A pack has
        its camera on or off as a whole: with `cameras_apart` on only where a defect needs it, else off only where it
        must be.
        Decoys are not told apart by what fails, so several of one function may go together.
        """
        decoys = entry.kind == "decoy"
        if entry.alone or any(e.alone for e in self.entries):
            return False
        if any(e.camera != entry.camera if cameras_apart else e.plain != entry.plain for e in self.entries):
            return False
        if not decoys and any(e.topic == entry.topic for e in self.entries):
            return False
        if any(e.hides(entry) or e.violates in entry.blinds or entry.violates in e.blinds for e in self.entries):
            return False
        clear = all(e.violates not in entry.affected for e in self.entries if e.violates)
        return clear and entry.violates not in self.affected


def pack(
    entries: Sequence[Entry], *, cameras_apart: bool = True, made: Sequence[Sequence[str]] = ()
) -> tuple[Pack, ...]:
    """Few packs, the same for the same entries: those that explain most first, each into the first pack that takes it.

    Without `cameras_apart` every run has its camera on, but for who must do without, and who needs none may travel with
    who does. Decoys must change nothing, so they travel together and never with a defect. `made`: the ids of packs that
    have been run; each stays as it is where its members may still travel together, whatever the catalogue says anew.
    """
    packs: list[Pack] = []
    left = list(entries)
    for ids in made:
        members = [e for e in left if e.id in ids]
        again = _together(members, cameras_apart) if len(members) == len(ids) else None
        if again is not None:
            packs.append(again)
            left = [e for e in left if e not in members]
    for kinds in (False, True):
        mine: list[Pack] = []
        group = [e for e in left if (e.kind == "decoy") is kinds]
        for entry in sorted(group, key=lambda e: (-len(e.affected), e.id)):
            for place, there in enumerate(mine):
                if there.takes(entry, cameras_apart=cameras_apart):
                    mine[place] = Pack((*there.entries, entry))
                    break
            else:
                mine.append(Pack((entry,)))
        packs += mine
    return tuple(packs)


def _together(entries: Sequence[Entry], cameras_apart: bool) -> Pack | None:
    """All of them as one pack; None where two of them must travel apart, or a decoy among defects."""
    if not entries or len({e.kind == "decoy" for e in entries}) > 1:
        return None
    whole = Pack((entries[0],))
    for entry in entries[1:]:
        if not whole.takes(entry, cameras_apart=cameras_apart):
            return None
        whole = Pack((*whole.entries, entry))
    return whole


def in_turn(packs: Sequence[Pack]) -> tuple[Pack, ...]:
    """In which order to begin them: decoys, which take longest, then by turns one with cameras and one without.

    With cameras a run mostly waits, without them it mostly computes: side by side they use a machine evenly. Of those
    without, the fullest and the emptiest come by turns, so that no crowd of small ones is left for the end.
    """
    decoys = [p for p in packs if p.entries[0].kind == "decoy"]
    cameras, plain = ([p for p in packs if p not in decoys and p.entries[0].camera is on] for on in (True, False))
    plain.sort(key=lambda p: -len(p.entries))
    turns = [plain[place // 2] if place % 2 == 0 else plain[-1 - place // 2] for place in range(len(plain))]
    return (*decoys, *(p for pair in zip_longest(cameras, turns) for p in pair if p is not None))
