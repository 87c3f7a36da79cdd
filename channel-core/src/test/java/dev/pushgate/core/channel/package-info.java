/// What belongs to one channel, piece by piece.
@NullMarked
package dev.pushgate.core.channel;

import org.jspecify.annotations.NullMarked;
