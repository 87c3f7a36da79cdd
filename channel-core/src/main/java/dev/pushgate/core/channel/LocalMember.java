package dev.pushgate.core.channel;

import dev.pushgate.core.presence.MemberId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One who is present in a channel through this node, and what its roster was told. Confined to its
/// home.
final class LocalMember {
  /// How many requests of a member wait for its roster.
  private static final int MAX_ASKED = 64;

  /// Something that a connection asked for and was not answered yet.
  ///
  /// @param toEnter whether to be present; otherwise to change its info
  /// @param ref what the client called this request, or null
  record Asked(Attendant by, boolean toEnter, @Nullable String ref) {}

  final MemberId id;

  /// What it said of itself last, or what the roster has since.
  @Nullable String info;

  /// What the roster took last.
  @Nullable String accepted;

  final Set<Attendant> attendants = Collections.newSetFromMap(new IdentityHashMap<>(2));
  final List<Asked> asked = new ArrayList<>(1);

  /// What is answered when the roster answers.
  private List<Asked> answering = new ArrayList<>(1);

  /// Whether the roster may have it through this node: it was asked to.
  boolean mayBeThere;

  /// Whether the roster said that it has it.
  boolean isThere;

  /// Whether the roster has not been told the info.
  boolean isChanged;

  /// Whether it is being told the info.
  boolean isTelling;

  /// Whether the roster may have lost it.
  boolean isDoubted;

  /// Whether the roster was asked and has not answered.
  boolean isBusy;

  LocalMember(MemberId id) {
    this.id = id;
  }

  boolean mayAskMore() {
    return asked.size() + answering.size() < MAX_ASKED;
  }

  /// The roster has this info, which may have been given elsewhere. One that has none any more has
  /// lost it, for nobody takes it back: it is told once more.
  void hears(@Nullable String itsInfo) {
    if (isChanged || isTelling) {
      return;
    }
    if (itsInfo == null && info != null) {
      isChanged = true;
    } else {
      info = itsInfo;
      accepted = itsInfo;
    }
  }

  /// The roster is being asked to have it.
  void goes() {
    mayBeThere = true;
    isTelling = isChanged;
    isChanged = false;
    isDoubted = false;
    answering.addAll(asked);
    asked.clear();
  }

  /// The roster did not answer.
  void goesAgain(boolean withInfo) {
    isChanged |= withInfo;
    isDoubted = true;
  }

  /// The roster has it no more, or will not for long.
  void isGone() {
    mayBeThere = false;
    isThere = false;
  }

  List<Asked> takeAnswering() {
    List<Asked> taken = answering;
    answering = new ArrayList<>(1);
    return taken;
  }
}
