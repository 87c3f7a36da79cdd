/// What belongs to one channel: its stream, recent log and members. Unaware of threads.
@NullMarked
package dev.pushgate.core.channel;

import org.jspecify.annotations.NullMarked;
