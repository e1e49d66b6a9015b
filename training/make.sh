#!/usr/bin/env bash
# From nothing to the released stance model: about two hours on two cores without a graphics card.
#
#   training/make.sh DATA TOKENIZER WORK
#
# DATA has stance/{newsmtsc,goemotions,xlmt,arsarcasm} as their authors publish them; TOKENIZER is the fast tokenizer of
# multilingual-e5-small (tokenizer.json); WORK is a folder for what is made on the way. Every step is skipped whose
# result is there already, so a run that was stopped goes on. Needs: pip install -r training/requirements.txt
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
data=$1 tokenizer=$2 work=$3
export PYTHONPATH="$here/../src${PYTHONPATH:+:$PYTHONPATH}"
mkdir -p "$work"
step() { [ -e "$1" ] && return; shift; echo "== $*"; python "$@"; }

step "$work/encoder/encoder.pt" "$here/encoder.py" --tokenizer "$tokenizer" --out "$work/encoder"
# How praise, grief, anger and mockery sound.
step "$work/mood1/done" "$here/train.py" --encoder "$work/encoder" --newsmtsc "$data/stance/newsmtsc" \
  --moods "$data/stance" --epochs 1 --frozen 2 --batch 32 --rate 1e-4 --seed 7 --out "$work/mood1"
step "$work/mood2/done" "$here/train.py" --encoder "$work/encoder" --start "$work/mood1/network.pt" \
  --newsmtsc "$data/stance/newsmtsc" --moods "$data/stance" --epochs 1 --frozen 2 --batch 32 --rate 8e-5 --seed 11 \
  --out "$work/mood2"
# Toward whom: twice, by different ways from the same start; then from the mean of both, once more.
step "$work/stance1/done" "$here/train.py" --encoder "$work/encoder" --start "$work/mood2/network.pt" \
  --templates "$here/templates" --newsmtsc "$data/stance/newsmtsc" --news-share 0.6 --epochs 5 --frozen 1 --batch 32 \
  --rate 1.5e-4 --seed 7 --out "$work/stance1"
step "$work/stance2/done" "$here/train.py" --encoder "$work/encoder" --start "$work/mood2/network.pt" \
  --templates "$here/templates" --newsmtsc "$data/stance/newsmtsc" --news-share 0.25 --epochs 4 --frozen 1 --batch 32 \
  --rate 1.6e-4 --smoothing 0.08 --seed 21 --out "$work/stance2"
step "$work/blend.pt" "$here/blend.py" "$work/stance1/network.pt" "$work/stance2/network.pt" --out "$work/blend.pt"
step "$work/stance3/done" "$here/train.py" --encoder "$work/encoder" --start "$work/blend.pt" \
  --templates "$here/templates" --newsmtsc "$data/stance/newsmtsc" --news-share 0.25 --epochs 2 --frozen 1 --batch 32 \
  --rate 7e-5 --smoothing 0.08 --seed 33 --out "$work/stance3"
step "$work/network.pt" "$here/blend.py" "$work/blend.pt" "$work/stance3/network.pt" --out "$work/network.pt"
step "$work/card.json" "$here/calibrate.py" --network "$work/network.pt" --encoder "$work/encoder" \
  --templates "$here/templates" --version stance.v1 --out "$work/card.json"
step "$work/weights/model.onnx" "$here/export.py" --network "$work/network.pt" --encoder "$work/encoder" \
  --card "$work/card.json" --out "$work/weights"
python "$here/split.py" --templates "$here/templates" --apart "$here/apart/posts.jsonl" \
  --out "$here/../src/tarazu/evaluation/data"
echo "The model is in $work/weights. Copy it to src/tarazu/policy/stance/weights and run: tarazu evaluate policy"
