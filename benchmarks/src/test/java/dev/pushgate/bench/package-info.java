/// Tests of the package of the same name.
@NullMarked
package dev.pushgate.bench;

import org.jspecify.annotations.NullMarked;
